"""Short names of units: what they are taken for, and when nothing is guessed."""

from __future__ import annotations

import pytest

from xltool.campaign.names import Guess, bare, guesses, only_guess, place_of

PLACE = "青岭县"
OFFICES = (
    "人民政府办公室", "发展和改革局", "教育局", "科学技术和工业信息化局", "公安局", "民政局", "司法局", "财政局",
    "人力资源和社会保障局", "自然资源局", "住房和城乡建设局", "交通运输局", "水务局", "农业农村局", "文化旅游广电局",
    "卫生健康局", "退役军人事务局", "应急管理局", "市场监督管理局", "医疗保障局", "城市管理综合行政执法局",
    "林业和草原局", "行政审批服务局", "气象局", "消防救援大队", "城关街道办事处", "青岭镇人民政府", "石桥镇人民政府",
    "疾病预防控制中心", "职业技术教育中心", "人民医院", "中医医院", "第一中学", "国有资产监督管理委员会",
)  # fmt: skip
UNITS = (*(PLACE + office for office in OFFICES), "国家税务总局青岭县税务局", "云州市生态环境局青岭分局")
NAMES = {unit: unit for unit in UNITS}

SHORT = {
    "卫健局": "卫生健康局",
    "县卫健局": "卫生健康局",
    "青岭县卫健局": "卫生健康局",
    "青岭卫健局": "卫生健康局",
    "卫 健 局": "卫生健康局",
    "人社局": "人力资源和社会保障局",
    "住建局": "住房和城乡建设局",
    "市监局": "市场监督管理局",
    "县市监局": "市场监督管理局",
    "发改局": "发展和改革局",
    "科工局": "科学技术和工业信息化局",
    "工信局": "科学技术和工业信息化局",
    "交通局": "交通运输局",
    "农业局": "农业农村局",
    "文旅局": "文化旅游广电局",
    "退役军人局": "退役军人事务局",
    "应急局": "应急管理局",
    "医保局": "医疗保障局",
    "城管局": "城市管理综合行政执法局",
    "林草局": "林业和草原局",
    "审批局": "行政审批服务局",
    "消防大队": "消防救援大队",
    "疾控中心": "疾病预防控制中心",
    "职教中心": "职业技术教育中心",
    "中医院": "中医医院",
    "县一中": "第一中学",
    "国资委": "国有资产监督管理委员会",
    "政府办": "人民政府办公室",
    "县政府办公室": "人民政府办公室",
    "石桥镇": "石桥镇人民政府",
    "青岭镇": "青岭镇人民政府",
    "石桥镇政府": "石桥镇人民政府",
    "城关街道": "城关街道办事处",
    "城关街道办": "城关街道办事处",
    "教育局": "教育局",
    "公安": "公安局",
    "民政": "民政局",
    "县住建": "住房和城乡建设局",
    "发改": "发展和改革局",
    "发改委": "发展和改革局",
    "卫健委": "卫生健康局",
    "县工信委": "科学技术和工业信息化局",
    "国资局": "国有资产监督管理委员会",
}


@pytest.mark.parametrize(("short", "office"), SHORT.items())
def test_what_people_write_is_guessed(short: str, office: str) -> None:
    """The usual short names, with and without the county in front."""
    guess = only_guess(short, NAMES, PLACE)
    assert guess is not None
    assert guess.name == PLACE + office


def test_another_ending_is_said() -> None:
    """卫健委 is what the province calls its own; the office sees that it is a guess more."""
    guess = only_guess("卫健委", NAMES, PLACE)
    assert guess == Guess("青岭县卫生健康局", "简称：卫…健…局，写的是“委”")


@pytest.mark.parametrize(
    ("short", "unit"),
    [
        ("税务局", "国家税务总局青岭县税务局"),
        ("青岭县税务局", "国家税务总局青岭县税务局"),
        ("生态环境局", "云州市生态环境局青岭分局"),
        ("生态环境分局", "云州市生态环境局青岭分局"),
    ],
)
def test_units_whose_name_begins_elsewhere(short: str, unit: str) -> None:
    """The county may stand in the middle of a name."""
    guess = only_guess(short, NAMES, PLACE)
    assert guess is not None
    assert guess.name == unit


@pytest.mark.parametrize(
    "short",
    [
        "水利局",  # there is a 水务局
        "建委",
        "水委",
        "财局",
        "局",
        "政局",
        "管理局",
        "医院",
        "人民政府",
        "县医院",
        "镇政府",
        "宁安县卫健局",
        "云州市教育局",
        "石桥镇卫生院",
        "审计局",
        "监察局",
        "环保局",
        "2024年",
        "年度报告",
        "",
    ],
)
def test_nothing_is_guessed(short: str) -> None:
    """Another place's, one that there is not, and what fits several."""
    assert only_guess(short, NAMES, PLACE) is None


def test_a_whole_name_goes_before_a_longer_one() -> None:
    """教育局 where there is 教育体育局, too; alone, the longer is a guess, and the letters show what it rests on."""
    both = {f"{PLACE}{name}": f"{PLACE}{name}" for name in ("教育局", "教育体育局", "财政局")}
    assert only_guess("教育局", both, PLACE) == Guess("青岭县教育局", "少写了“青岭县”")
    assert only_guess("教体局", both, PLACE) == Guess("青岭县教育体育局", "简称：教…体…局")
    del both["青岭县教育局"]
    assert only_guess("教育局", both, PLACE) == Guess("青岭县教育体育局", "简称：教育…局")


def test_of_two_that_fit_none_is_guessed() -> None:
    """文旅局 may be either; both are known to fit."""
    two = {f"{PLACE}{name}": f"{PLACE}{name}" for name in ("文化旅游局", "文物旅游局", "财政局")}
    assert only_guess("文旅局", two, PLACE) is None
    assert len(guesses("文旅局", list(two), PLACE)) == 2


def test_a_former_name_is_the_same_unit() -> None:
    """Fitting the name of then and that of now is fitting one unit."""
    names = {"青岭县文化旅游广电局": "青岭县文化和旅游局", "青岭县文化和旅游局": "青岭县文化和旅游局"}
    guess = only_guess("文旅局", names, PLACE)
    assert guess is not None
    assert guess.name == "青岭县文化和旅游局"


def test_the_evidence_shows_the_letters() -> None:
    """The letters that were found, in their order, with what is between them left out."""
    guess = only_guess("卫健局", NAMES, PLACE)
    assert guess == Guess("青岭县卫生健康局", "简称：卫…健…局")
    tax = only_guess("税务局", NAMES, PLACE)
    assert tax is not None
    assert tax.evidence == "名称里有“税务局”"


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (UNITS, "青岭县"),
        (("云州市青岭县教育局", "云州市青岭县财政局", "云州市青岭县水务局"), "云州市青岭县"),
        (("青岭县市场监督管理局",), "青岭县"),
        (("教育局", "财政局"), ""),
        ((), ""),
    ],
)
def test_the_place_is_what_most_names_begin_with(names: tuple[str, ...], place: str) -> None:
    """A word such as 市场 is not taken for the end of a place's name."""
    assert place_of(names) == place


def test_bare_names() -> None:
    """Spaces, brackets and full width do not count."""
    assert bare("青岭县 财政局（本级）１") == "青岭县财政局本级1"
