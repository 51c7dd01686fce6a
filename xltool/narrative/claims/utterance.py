"""One sentence while it is read from left to right: its tokens, what it is about, and what it has said so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from xltool.narrative.claims.amounts import Amount
from xltool.narrative.claims.standing import Period, Whereabouts
from xltool.narrative.claims.statement import Statement, Way
from xltool.narrative.claims.tokens import Sentence, Token
from xltool.narrative.claims.vocabulary import Done, Item, Rate, Vocabulary

_LONGEST_QUOTE = 60
_TWO_TOPICS = ""


class Utterance:
    """What is known of a sentence, from the beginning or up to the token that is being read; written here alone.

    ``groups``: all that occur. ``topics``: what each token is about, itself included. ``counted``: the names of the
    items that its numbers look like. ``resumes``: it goes on about what the sentence before said; ``resumes_count``:
    which was a count. ``knows_a_joint``: a number of two items together was passed over (予以公开及部分公开的 42 件).
    ``last``: what the number before said, None where it was no statement; ``number_at``: where it stands.
    ``subject``: this year's count that a growth behind it would belong to.
    ``wider``: the item of a number of which only a part is the form's, told behind it.
    ``was_scoped``: a number was passed over because it is somebody else's, or a part.
    """

    def __init__(
        self, vocabulary: Vocabulary, part: str, sentence: Sentence, tokens: Sequence[Token], unit: str
    ) -> None:
        self.vocabulary, self.part, self.sentence, self.tokens = vocabulary, part, sentence, tokens
        self.where = Whereabouts(tokens, unit, vocabulary)
        self.groups = frozenset(group for token in tokens for group in token.groups)
        self.resumes = bool(tokens) and "resume" in tokens[0].groups
        self.resumes_count = self.knows_a_joint = False
        self.counted: frozenset[str] = frozenset()
        self.topics: list[str] = []
        self.last: Statement | None = None
        self.subject: Statement | None = None
        self.number_at: int | None = None
        self.wider: Item | None = None
        self.was_scoped = False
        self.said: list[Statement] = []

    def go_on_from(self, topic: str, last: Statement | None, scoped: bool) -> None:
        """Begin where the sentence before ended: its topic, its last number, whether it spoke of somebody else."""
        self._take_topics(topic)
        self.where.now.scoped = scoped
        self.last = last if self.resumes else None
        self.resumes_count = self.last is not None and self.last.way is Way.COUNT

    def expect(self, items: Iterable[str]) -> None:
        """Know beforehand what its numbers look like."""
        self.counted = frozenset(items)

    def know_a_joint(self) -> None:
        """A number of two items together stands here."""
        self.knows_a_joint = True

    def say(self, *statements: Statement) -> None:
        """Take in what is said without being a number that others may follow."""
        self.said += statements

    def count(self, at: int, statement: Statement, is_subject: bool) -> None:
        """Take in the count at ``at``; ``is_subject``: growth behind it is its."""
        self.number_at, self.last = at, statement
        if is_subject:
            self.subject = statement
        self.said.append(statement)

    def pass_over(self, at: int, scoped: bool) -> None:
        """Leave the number at ``at`` alone; ``scoped``: it is somebody else's, or a part."""
        self.number_at, self.last, self.subject = at, None, None
        self.was_scoped = self.was_scoped or scoped

    def leave_for_its_part(self, at: int, item: Item) -> None:
        """Leave the number at ``at`` alone; the part of it that is told later is the one of ``item``."""
        self.pass_over(at, scoped=False)
        self.wider = item

    def break_down(self) -> None:
        """其中: what follows are parts of the number before."""
        self.where.now.alien = self.number_at is not None and self.last is None
        self.where.now.parent = self.last

    def _take_topics(self, first: str) -> None:
        """Fill ``topics``; ``first`` holds until another is named; what is said of two at once is said of neither."""
        now, other = first, self.vocabulary.other_topic
        for at, token in enumerate(self.tokens):
            if other in token.groups:
                now = other
            elif spoken := token.groups & self.vocabulary.topics:
                now = _TWO_TOPICS if self._joins_topics(at) else next(iter(spoken))
            self.topics.append(now)

    def _joins_topics(self, at: int) -> bool:
        """Whether another topic stands before the one at ``at``, with 、 or 和 between: 行政复议、行政诉讼."""
        joiner = self.before(at, ("joiners",))
        return joiner is not None and self.before(joiner, self.vocabulary.topics) is not None

    @property
    def is_open(self) -> bool:
        """Whether what is said here is of the unit itself, of this year or the one before."""
        return self.where.now.is_open

    @property
    def is_of_this_year(self) -> bool:
        return self.where.now.is_open and self.where.now.period is Period.THIS

    @property
    def knows_its_numbers(self) -> bool:
        """Whether the numbers said before, if any, are at least partly figures of the form; or what they belong to."""
        if self.number_at is None or (self.resumes_count and not self.where.now.alien):
            return True
        return self.knows_a_joint or any(one.way is Way.COUNT for one in self.said)

    def before(self, at: int, groups: Iterable[str]) -> int | None:
        """The nearest token before ``at`` in one of ``groups``, with nothing between that matters."""
        wanted, depth = frozenset(groups), self.tokens[at].depth
        for place in range(at - 1, -1, -1):
            token = self.tokens[place]
            if token.groups & wanted:
                return place
            if not token.passes(depth):
                return None
        return None

    def clause_start(self, at: int) -> int:
        """The first token of the clause that ``at`` is in."""
        while at > 0 and not self.tokens[at - 1].ends_clause:
            at -= 1
        return at

    def speaks_of_others(self, at: int, anywhere: bool = False) -> bool:
        """Whether the clause has named something before ``at`` that is no matter of the form; or the sentence has."""
        other = self.vocabulary.other_topic
        return any(other in token.groups for token in self.tokens[0 if anywhere else self.clause_start(at) : at])

    def ends_at(self, at: int) -> bool:
        """Whether the clause, the bracket or the item of a list ends behind ``at``."""
        if at + 1 == len(self.tokens):
            return True
        behind = self.tokens[at + 1]
        return behind.ends_clause or "joiners" in behind.groups or behind.depth < self.tokens[at].depth

    def hedge(self, at: int) -> str:
        """The group of the word that makes the number at ``at`` a rough one; "" for an exact number."""
        amount = self.tokens[at].amount
        if amount is not None and amount.more:
            return "over"
        around = [self.tokens[place].groups for place in (at - 1, at + 1) if 0 <= place < len(self.tokens)]
        return next((name for name in ("about", "nearly", "over") for groups in around if name in groups), "")

    def statement(
        self, way: Way, at: int, value: Decimal, about: Item | Done | Rate, of: Statement | None = None, words: str = ""
    ) -> Statement:
        """What is said at ``at``; ``words``: what stands there in place of a number."""
        token, now = self.tokens[at], self.where.now
        return Statement(
            way=way,
            part=self.part,
            sentence=self.sentence.text,
            quoted=self._quoted(at),
            number=words or self.sentence.written(token.start, token.start + len(token.text)),
            value=value,
            about=about,
            amount=token.amount,
            hedge=self.hedge(at),
            doubtful=now.doubtful,
            last_year=now.period is Period.LAST or now.versus,
            of=of,
        )

    def amount_at(self, at: int) -> Amount:
        """The number at ``at``."""
        amount = self.tokens[at].amount
        assert amount is not None
        return amount

    def _quoted(self, at: int) -> str:
        """The sentence; of a long one the clause, and of that the stretch around ``at``."""
        whole = self.sentence.text.rstrip("。！？；")
        if len(whole) <= _LONGEST_QUOTE:
            return whole
        first, last = self.clause_start(at), at
        while last + 1 < len(self.tokens) and not self.tokens[last + 1].ends_clause:
            last += 1
        start, end = self.tokens[first].start, self.tokens[last].start + len(self.tokens[last].text)
        middle = self.tokens[at].start + len(self.tokens[at].text)
        cut_start = start if end - start <= _LONGEST_QUOTE else max(start, middle - _LONGEST_QUOTE * 2 // 3)
        cut_end = min(end, max(middle, cut_start + _LONGEST_QUOTE))
        said = self.sentence.written(cut_start, cut_end)
        return f"{'…' if cut_start > start else ''}{said}{'…' if cut_end < end else ''}"
