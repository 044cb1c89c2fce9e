"""What goes wrong with a casting: how customers tell it, why it happens, what helps."""

from typing import NamedTuple


class Defect(NamedTuple):
    """One kind of defect, from the customer's words to the action against its cause."""

    name: str
    effect: str | None  # on the function, in the regulation's words; none: nobody says
    weight: int
    words: tuple[str, ...]
    unit: str  # of ours, where it comes from
    cause: tuple[str, str]  # the regulation's code, and what happened
    escape: tuple[str, str]  # why nobody saw it
    correction: str
    prevention: str


DEFECTS = (
    Defect(
        "气孔渗漏",
        "reduced",
        6,
        (
            "{batch}这批{product}打压就漏，密封面旁边有针眼大的气孔，{pieces}试不过。",
            "试水 1.6 MPa 保压不到一分钟就冒水，拆开看是气孔，{pieces}，请尽快派人来看。",
        ),
        "铸造部",
        ("method", "3 号模排气槽堵塞，没有规定清理频次"),
        ("people", "气密抽检 1/50，漏检"),
        "库存全检气密，不合格隔离",
        "每班清理排气槽并记录；气密改为全检",
    ),
    Defect(
        "砂眼",
        "slight",
        5,
        (
            "{product}加工面车出来有砂眼，{pieces}没法用，批号{batch}。",
            "外观有砂眼，涂漆后更明显，最终客户不收，{pieces}要退。",
        ),
        "铸造部",
        ("material", "旧砂含泥量超标，型砂强度不足"),
        ("method", "终检只看非加工面"),
        "同炉次全部返检，砂眼件报废",
        "型砂每两小时检测含泥量，超 8% 换砂",
    ),
    Defect(
        "裂纹",
        "lost",
        3,
        (
            "装配拧紧法兰时{product}直接开裂，{pieces}，产线已经停了，马上给答复！",
            "使用三天后{product}出现裂纹漏水，批号{batch}，现场停泵，{pieces}。",
        ),
        "热处理组",
        ("equipment", "退火炉 2 区热电偶偏差 40 ℃，内应力没有消除"),
        ("method", "没有磁粉检验"),
        "冻结该批库存，逐件磁粉检验",
        "热电偶每月校准；关键件磁粉抽检 10%",
    ),
    Defect(
        "尺寸超差",
        "reduced",
        6,
        (
            "{product}内孔实测大了 0.15，装不紧，{pieces}，批号{batch}，附测量记录。",
            "孔距超差，两个孔对不上，装配不了，{pieces}。",
        ),
        "机加工部",
        ("equipment", "镗刀磨损后刀补没有更新"),
        ("people", "首件合格后未做巡检"),
        "全检孔径，超差件镶套返修",
        "刀具寿命到 200 件强制更换，每 20 件巡检",
    ),
    Defect(
        "螺纹不良",
        "slight",
        4,
        (
            "{product}螺纹烂牙，通规进不去，{pieces}。",
            "螺纹孔有毛刺没攻到底，螺栓拧到一半卡住，{pieces}，批号{batch}。",
        ),
        "机加工部",
        ("equipment", "丝锥崩刃后继续加工"),
        ("method", "通止规抽检频次不够"),
        "库存逐件过通止规",
        "丝锥按件数更换，断刀检测报警停机",
    ),
    Defect(
        "密封面划伤",
        "reduced",
        4,
        (
            "打开包装{product}密封面都有划痕，垫片压不住，{pieces}。",
            "密封面磕碰划伤，深度能摸得出来，{pieces}，批号{batch}。",
        ),
        "包装组",
        ("method", "周转箱没有隔板，工件互相碰撞"),
        ("people", "装箱前未复查密封面"),
        "返修研磨密封面，补发合格品",
        "周转箱加泡棉隔板，密封面贴保护膜",
    ),
    Defect(
        "混料",
        "none",
        3,
        (
            "一箱{product}里混了别的型号，挑了半天，{pieces}不对。",
            "标签是{product}，打开一看材质不对，混料了，{pieces}。",
        ),
        "包装组",
        ("people", "换型时余料没有清场"),
        ("method", "装箱无称重核对"),
        "同日装箱的全部开箱核对",
        "换型清场签字；装箱称重，超差报警",
    ),
    Defect(
        "漏加工",
        "lost",
        2,
        (
            "{product}有一个孔没有钻，装到最后才发现，{pieces}，批号{batch}。",
            "少一道工序，排气孔没加工，{pieces}。",
        ),
        "机加工部",
        ("people", "夜班换人，工序卡没有交接"),
        ("method", "终检不核对孔数"),
        "库存逐件核对孔数",
        "工装加防错销，漏孔件装不进下道工序",
    ),
    Defect(
        "毛刺飞边",
        "none",
        4,
        (
            "{product}飞边没清干净，工人手都划破了皮，{pieces}。",
            "毛刺太多，我们自己又打磨了一遍，{pieces}，工时谁出？",
        ),
        "铸造部",
        ("people", "打磨工位缺人，转序前没有打磨"),
        ("people", "检验放行时未看分型面"),
        "派两人到客户处打磨",
        "打磨完成由检验盖章后才能转序",
    ),
    Defect(
        "锈蚀",
        "none",
        3,
        (
            "收到的{product}表面全是锈，雨季放了不到一周，{pieces}。",
            "海运到港开箱锈蚀严重，防锈袋破了，{pieces}，批号{batch}。",
        ),
        "包装组",
        ("environment", "梅雨季仓库湿度 85%，防锈油挥发"),
        ("method", "防锈袋封口没有检查"),
        "除锈重新涂油后补发",
        "气相防锈袋加干燥剂，出货前检查封口",
    ),
    Defect(
        "数量短少",
        None,
        3,
        (
            "送货单写 200，点下来少了 {pieces}，批号{batch}。",
            "到货数量不对，{product}短少 {pieces}，请补。",
        ),
        "包装组",
        ("people", "人工点数，两箱漏装"),
        ("method", "出货没有复核重量"),
        "当天补发",
        "出货地磅复核，差异超 1% 不放行",
    ),
    Defect(
        "标识错误",
        None,
        2,
        (
            "外箱标签批号和实物对不上，入不了库，{product}。",
            "合格证上的炉号写错，客户不收货，批号{batch}。",
        ),
        "检验科",
        ("people", "标签手工填写，抄错一位"),
        ("method", "无二次核对"),
        "重新打印标签寄出",
        "标签由系统打印，扫码核对",
    ),
)

# What a foreign customer writes of the same things.
ENGLISH = {
    "气孔渗漏": "{product}: leaks at 16 bar, pinholes beside the sealing face, {n}.",
    "裂纹": "Cracks found on {product} during assembly, {n}. Line is stopped.",
    "锈蚀": "{product} arrived corroded, VCI bag was torn, {n}, batch {batch}.",
    "尺寸超差": "{product}: bore oversize by 0.12 mm, {n}. Measuring report attached.",
}
