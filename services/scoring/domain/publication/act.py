"""The act by which an edition is published: its number and date, what of it is refused, how it is named in words."""

from dataclasses import dataclass
from datetime import date

from shared.kernel import FieldError, Refused


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its number as it was typed, alone (`01-14`) or with what it is (`приказ № 01-14`), and its date."""

    number: str
    on: date

    def words(self) -> str:
        """The act as papers name it: `приказ № 01-14 от 20.02.2023`, with a number alone `акт № 01-14 от …`."""
        alone = " " not in self.number and "№" not in self.number
        return f"{'акт № ' if alone else ''}{self.number} от {self.on:%d.%m.%Y}"


def check_act(act: Act, *, today: date) -> None:
    """Refused where the act is dated in the future; it may be older than the edition: past ratings are entered too."""
    if act.on > today:
        raise invalid("/act/date", "in-the-future", "Этот день ещё не наступил.", f"Не позже {today:%d.%m.%Y}.")


def invalid(pointer: str, code: str, message: str, remedy: str) -> Refused:
    """That what was said of an edition cannot be: where, why, what to do."""
    error = FieldError(pointer, code, message, remedy)
    return Refused("invalid-edition", "Сведения о редакции не приняты", message, errors=[error])
