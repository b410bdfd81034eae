"""Who looks at a ticket that is deleted is told to look again, and no stream names it."""

from firstline.tickets.actions.delete import delete
from firstline.tickets.actions.move import move
from tests.cast import Cast, actor, open_by, resolve_by
from tests.live.conftest import SOON, House
from tests.waiting import wait_until


def test_a_deleted_ticket_leaves_all_screens(stage: Cast, house: House) -> None:
    ticket = open_by(stage.svetlana, stage.hosting, "Of one moment")
    closed = open_by(stage.svetlana, stage.hosting, "Long closed")
    resolve_by(stage.anna, closed)
    anna = house.listen(stage.anna)
    for row in (ticket, closed):
        anna.entry(row.number)
    for row in (ticket, closed):
        told = len(anna.news())
        delete(actor(stage.administrator), row, via="web")

        def checks(before: int = told) -> bool:
            return any(news.get("check") for news in anna.news()[before:])

        wait_until(checks, SOON)
        later = anna.news()[told:]
        assert not any(
            one["number"] == row.number for news in later for one in news.get("tickets", ())
        )


def test_who_was_cut_off_meanwhile_is_told_as_well(stage: Cast, house: House) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    anna = house.listen(stage.anna)
    move(actor(stage.anna), ticket, "in-progress", via="web")
    anna.entry(ticket.number)
    anna.close()
    delete(actor(stage.administrator), ticket, via="web")
    again = house.listen(stage.anna, mark=anna.mark)
    wait_until(lambda: any(news.get("check") for news in again.news()), SOON)
