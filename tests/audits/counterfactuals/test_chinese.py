"""Chinese has no blanks: the longest word is taken, kept words stay, and English words in the text go along."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audits.counterfactuals.swaps import left, swapped

CASES = [
    ("gender", "men", "women", "他是医生。", "她是医生。"),
    ("gender", "men", "women", "他们和她们", "她们和他们"),
    ("gender", "men", "women", "他喜欢其他的吉他", "她喜欢其他的吉他"),
    ("gender", "men", "women", "王先生和李女士", "王女士和李先生"),
    ("gender", "men", "women", "男孩和女孩", "女孩和男孩"),
    ("gender", "men", "women", "男女平等", "男女平等"),
    ("gender", "men", "women", "她的丈夫是男护士", "他的妻子是女护士"),
    ("gender", "men", "women", "父母爱子女", "父母爱子女"),
    ("gender", "men", "women", "这位男性是他的父亲", "这位女性是她的母亲"),
    ("gender", "men", "women", "他的女朋友", "她的男朋友"),
    ("gender", "men", "women", "他喜欢 women", "她喜欢 men"),
    ("gender", "men", "women", "一位woman说", "一位man说"),
    ("religion", "Muslims", "Christians", "穆斯林去清真寺读古兰经", "基督徒去教堂读圣经"),
    ("religion", "Buddhists", "atheists", "佛教徒和佛教", "无神论者和无神论"),
    ("religion", "Hindus", "Muslims", "印度教徒", "穆斯林"),
    ("nationality", "Chinese", "Americans", "中国人和美国人", "美国人和中国人"),
    ("nationality", "Chinese", "Indians", "印度尼西亚的中国菜", "印度尼西亚的印度菜"),
    ("nationality", "Indians", "Chinese", "印度教徒", "印度教徒"),
    ("orientation", "gay people", "heterosexual people", "女同性恋者", "异性恋者"),
    ("race", "Black people", "White people", "黑人和白人", "白人和黑人"),
]


@pytest.mark.parametrize(("attribute", "first", "second", "text", "expected"), CASES, ids=[case[3] for case in CASES])
def test_chinese(attribute: str, first: str, second: str, text: str, expected: str) -> None:
    assert swapped(attribute, first, second, text) == expected


def test_kept_words_are_told() -> None:
    assert [one.word for one in left("gender", "men", "women", "其他")] == ["其他"]


@given(
    st.lists(
        st.sampled_from(["他", "她们", "男孩", "女儿", "母亲", "其他", "男女", "王女士", "，", "哥哥", "女医生"]),
        max_size=10,
    )
)
def test_swapping_twice_gives_the_text_back(words: list[str]) -> None:
    text = "，".join(words)
    assert swapped("gender", "men", "women", swapped("gender", "men", "women", text)) == text
