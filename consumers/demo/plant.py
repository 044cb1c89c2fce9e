"""The plant of the demo: what it casts, for whom, who works there. All names invented."""

from typing import NamedTuple

SITE = "plant-1"
ZONE = "Asia/Shanghai"
SCHEME = "S46"


class Product(NamedTuple):
    """A casting, and what one costs."""

    name: str
    fen: int
    lot: int  # pieces of a usual batch


class Customer(NamedTuple):
    """A company that buys castings. Large ones have a portal, small ones a telephone."""

    name: str
    region: str
    channel: str
    weight: int
    prefix: str = ""  # of its own complaint numbers; empty: it has none


class Person(NamedTuple):
    """One of ours, by pseudonym."""

    id: str
    role: str


PRODUCTS = (
    Product("P-3107 水泵壳体", 18_600, 800),
    Product("P-3112 泵盖", 9_400, 1_200),
    Product("I-2204 叶轮", 7_250, 1_500),
    Product("DF-50 蝶阀阀体", 12_800, 600),
    Product("ZF-80 闸阀阀体", 31_500, 300),
    Product("QF-25 球阀阀体", 6_900, 2_000),
    Product("ZH-15 止回阀阀盖", 4_300, 2_400),
    Product("FL-100 法兰", 5_600, 1_000),
    Product("JT-40 管接头", 2_150, 4_000),
)

CUSTOMERS = (
    Customer("海川泵业", "华东", "portal", 6, "HC-8D-"),
    Customer("云杉汽车部件", "华中", "portal", 4, "YS-Q"),
    Customer("北岭农机", "东北", "phone", 4),
    Customer("清源水务", "华北", "phone", 4, "QY"),
    Customer("长岗阀门", "华东", "wechat", 4),
    Customer("东屿石化装备", "华南", "email", 3, "DY-NCR-"),
    Customer("松坪供热", "东北", "phone", 3),
    Customer("金穗灌溉", "西北", "wechat", 3),
    Customer("三叠消防器材", "华东", "wechat", 2),
    Customer("蓝湾船舶配套", "华南", "email", 2, "LW-"),
    Customer("白鹭商城", "西南", "web", 4),
    Customer("Nordwind Pumpen", "欧洲", "email", 2, "NP-"),
)

# Who speaks for a customer. Sealed in the ledger; the numbers belong to nobody.
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("敏", "强", "洁", "伟", "娜", "军", "磊", "静", "勇", "艳", "涛", "明", "超", "霞")
NORDIC = ("J. Brandt", "M. Keller", "S. Vogt")

CLERKS = (Person("p-zhou", "customer_service"), Person("p-sun", "customer_service"))
ENGINEERS = (
    Person("p-li", "quality_engineer"),
    Person("p-chen", "quality_engineer"),
    Person("p-zhao", "quality_engineer"),
    Person("p-hu", "quality_engineer"),
)
MANAGER = Person("p-wang", "quality_manager")
CRM = Person("s-crm", "service")

# Who may be fined: work numbers of the shop floor.
WORKERS = ("p-cast-07", "p-cast-12", "p-mach-03", "p-mach-21", "p-insp-04", "p-pack-02")
UNITS = {  # each with the person who speaks for it
    "铸造部": Person("p-ma", "department"),
    "机加工部": Person("p-guo", "department"),
    "检验科": Person("p-he", "department"),
    "包装组": Person("p-luo", "department"),
    "热处理组": Person("p-xu", "department"),
}
TEAM = "技术质量部"

PLACES = ("成品库", "在途", "客户仓", "客户产线")
