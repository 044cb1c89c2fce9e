"""Two thousand changes at random, each found; ten thousand are for `make chaos`."""

from tests.proof.campaign import Campaign


def test_no_change_goes_unseen() -> None:
    campaign = Campaign(seed=1)

    campaign.run(2_000)

    assert campaign.missed == []
    assert min(campaign.done.values()) == 400


def test_what_nobody_changed_raises_no_alarm() -> None:
    for seed in range(100, 103):
        assert Campaign(seed=seed).clean() == []
