"""What an operator is told after a dead letter was handled again."""

from deploy.cli.dlq import what_next

LETTER = {"id": "scoring|monitoring.result.v1|0|7", "group": "scoring", "attempts": 2}


def test_who_handled_a_letter_again_is_told_that_nothing_is_left_to_do():
    told = what_next({**LETTER, "handled": True})
    assert "Обработано в группе scoring" in told
    assert "делать ничего не нужно" in told


def test_who_did_so_in_vain_is_told_both_ways_on_with_the_very_commands():
    told = what_next({**LETTER, "handled": False})
    assert "Снова отвергнуто (попыток: 2)" in told
    assert "само оно не повторится" in told
    assert "./rsoko dlq redrive 'scoring|monitoring.result.v1|0|7'\n" in told
    assert "./rsoko dlq discard 'scoring|monitoring.result.v1|0|7' --reason" in told
