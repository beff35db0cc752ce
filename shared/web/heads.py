"""What the head of a request must be before anybody reads it: who reads it twice must not read two things."""

from starlette.types import Scope

from shared.kernel import Malformed

# Names one thing: of two lines this layer, what stands before the platform and a door might each take another one.
_ONCE = (b"authorization", b"host")
# Lists, whose lines are one list (RFC 9110 §5.3): whoever asks for the header gets the whole of it.
_LISTS = (b"if-match", b"if-none-match")


def settle(scope: Scope) -> Malformed | None:
    """Put the lines of a list together; what to refuse: no `Host` (RFC 9112 §3.2), two of what is one thing."""
    names = [name for name, _ in scope["headers"]]
    if b"host" not in names and scope.get("http_version") == "1.1":
        return Malformed("host-required", "Не назван адрес", "Передайте заголовок Host.")
    if len({*names}) == len(names):
        return None
    for name in _ONCE:
        if names.count(name) > 1:
            shown = name.decode().title()
            return Malformed("repeated-header", "Заголовок назван дважды", f"{shown}: оставьте один.")
    for name in _LISTS:
        if names.count(name) > 1:
            whole = b", ".join(value for one, value in scope["headers"] if one == name)
            others = [line for line in scope["headers"] if line[0] != name]
            scope["headers"] = [*others, (name, whole)]
    return None
