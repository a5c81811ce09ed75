"""Getting tasks in: the dialog, a paste, and the application asked for once."""

import msgspec
import pytest
from textual.widgets import Static

from tests.ui.fake_session import APP, NOW, StillSession, make_task
from tests.ui.pilot import open_screen
from tiwtui.model import TaskRef

pytestmark = pytest.mark.anyio

ID = "ghucnligqtgtvk2624mb"
OTHER = "00e1jv8ve0jcqk7da9lb"


async def test_typed_ids_are_added_on_enter() -> None:
    async with open_screen(StillSession()) as hand:
        await hand.press("a")
        await hand.type(ID)
        await hand.press("ctrl+j")
        await hand.type(OTHER)
        assert "2 new" in hand.text
        await hand.press("enter")
        assert sorted(hand.listed) == sorted([ID, OTHER])
        assert hand.cursor == ID
        assert hand.toasts == ["2 tasks added"]


async def test_a_paste_is_counted_before_anything_is_saved() -> None:
    session = StillSession([make_task(ID)])
    async with open_screen(session) as hand:
        await hand.paste(f"{ID}\r\n{OTHER} Maths 3A\r\nwhat is this?\r\n")
        assert "1 new  1 known  1 line not understood" in hand.text
        assert "what is this?" in hand.text
        assert OTHER not in hand.listed
        await hand.press("enter")
        assert session.tasks[TaskRef(APP, OTHER)].label == "Maths 3A"


async def test_a_paste_of_a_known_id_goes_to_it() -> None:
    tasks = [make_task(f"t{n}", phase_since=NOW - n) for n in range(50)]
    async with open_screen(StillSession([*tasks, make_task(ID, phase_since=NOW)])) as hand:
        await hand.press("4")
        await hand.paste(ID)
        assert hand.opened == "MainScreen"
        assert hand.cursor == ID


async def test_a_paste_of_known_ids_marks_them() -> None:
    async with open_screen(StillSession([make_task(ID), make_task(OTHER)])) as hand:
        await hand.paste(f"{ID}\n{OTHER}")
        assert {ref.task_id for ref in hand.marks} == {ID, OTHER}


async def test_esc_saves_nothing() -> None:
    session = StillSession()
    async with open_screen(session) as hand:
        await hand.paste(ID)
        await hand.press("escape")
        assert not session.tasks


async def test_a_text_without_a_task_stays_and_is_reported() -> None:
    """A long log that was pasted with the wrong lines must not vanish."""
    async with open_screen(StillSession([make_task("a")])) as hand:
        await hand.press("a")
        await hand.type("hello world junk here")
        await hand.press("enter")
        assert hand.opened == "AddScreen"
        assert "Nothing here is understood as a task" in hand.text
        assert "hello world junk here" in hand.text
        await hand.type(" ")
        assert "Nothing here is understood as a task" not in hand.text


async def test_the_application_is_asked_for_once() -> None:
    """An id alone does not say whose it is."""
    session = StillSession(app=None)
    async with open_screen(session) as hand:
        await hand.paste(ID)
        await hand.press("enter")
        assert hand.opened == "AddScreen"
        assert not session.tasks
        await hand.type(str(APP))
        await hand.press("enter")
        assert list(session.tasks) == [TaskRef(APP, ID)]
        await hand.paste(OTHER)
        await hand.press("enter")
        assert TaskRef(APP, OTHER) in session.tasks


async def test_a_paste_with_escape_sequences_shows_them_and_obeys_none() -> None:
    async with open_screen(StillSession()) as hand:
        await hand.paste(f"\x1b[2J\x1b]0;title\x07 {ID} [/nonsense] [bold]\u202e")
        assert hand.opened == "AddScreen"
        assert not set("\x1b\x07\u202e") & set(hand.text)
        assert "[/nonsense]" in hand.text


async def test_a_paste_into_the_filter_is_text() -> None:
    async with open_screen(StillSession([make_task(ID)])) as hand:
        await hand.press("slash")
        await hand.paste(ID[:6])
        assert hand.state.filter_text == ID[:6]
        assert hand.opened == "MainScreen"


async def test_the_only_application_on_the_list_is_the_default_one() -> None:
    """It was asked for once; the list itself remembers it, also after a restart."""
    session = StillSession([make_task(ID)], app=None)
    async with open_screen(session) as hand:
        await hand.paste(OTHER)
        assert "SdkAppId" not in hand.text
        await hand.press("enter")
        assert TaskRef(APP, OTHER) in session.tasks
        await hand.press("y")
        assert hand.copied == [OTHER]


async def test_between_two_applications_it_is_asked() -> None:
    """A guess would watch somebody else's task, or none."""
    other = TaskRef(1500000002, "elsewhere")
    session = StillSession([make_task(ID), msgspec.structs.replace(make_task("x"), ref=other)], app=None)
    async with open_screen(session, size=(130, 36)) as hand:
        assert "1500000002" in hand.text
        await hand.paste(OTHER)
        await hand.press("enter")
        assert hand.opened == "AddScreen"
        await hand.press("escape")
        session.drop(other)
        await hand.settle()
        await hand.wait(1)
        assert str(APP) not in hand.text


def _two_applications(app: int | None = None) -> StillSession:
    tasks = [make_task(ID), make_task(OTHER)]
    tasks.append(msgspec.structs.replace(make_task("x"), ref=TaskRef(1500000002, ID), label="theirs"))
    return StillSession(tasks, app=app)


@pytest.mark.parametrize("app", [None, APP])
async def test_an_id_in_two_applications_is_refused_naming_both(app: int | None) -> None:
    """No application was meant, and the default one must not be taken in silence."""
    async with open_screen(_two_applications(app)) as hand:
        await hand.paste(ID)
        assert "1 in several applications" in hand.text
        assert " new" not in hand.text.split("several")[0].splitlines()[-1]
        await hand.press("enter")
        assert hand.opened == "AddScreen"
        fault = str(hand.app.screen.query_one("#fault", Static).content)
        assert fault.startswith(f"{ID} is in several applications: {APP}/{ID}, 1500000002/{ID}.")
        await hand.press("home", *str(1500000002), "/")
        assert "1 known" in hand.text
        await hand.press("enter")
        assert hand.table.cursor == TaskRef(1500000002, ID)


async def test_a_paste_of_an_id_that_one_of_two_applications_has_goes_to_it() -> None:
    async with open_screen(_two_applications()) as hand:
        await hand.paste(OTHER)
        assert hand.opened == "MainScreen"
        assert hand.table.cursor == TaskRef(APP, OTHER)
