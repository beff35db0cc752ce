"""States as documents and back: days and instants as ISO text, everything else as it is."""

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from services.roadmap.domain import Activity, Execution, Municipality, Recommendation, RoadMap, Score
from services.roadmap.store.schemas import (
    ACTIVITIES,
    EXECUTIONS,
    MUNICIPALITIES,
    RECOMMENDATIONS,
    ROADMAPS,
    SCORES,
)
from shared.mongo import Document, ReplaceOne, Schema

S = TypeVar("S")


class Written(Generic[S]):
    """How one kind of state is kept; `at` is an instant to sort by, which text is not fit for.

    `told`: it is told whenever it is written, which every document of it says; older ones were not.
    """

    def __init__(self, schema: Schema, kind: type[S], *, at: str = "", told: bool = False) -> None:
        self.schema = schema
        self._adapter = TypeAdapter(kind)
        self._at = at
        self._told = {"told": True} if told else {}

    @property
    def collection(self) -> str:
        """Where these documents lie."""
        return self.schema.collection

    def document(self, state: Any) -> Document:
        """The document that keeps a state."""
        aside = {"at": getattr(state, self._at)} if self._at else {}
        plain: Document = self._adapter.dump_python(state, mode="json")
        plain.pop("id", None)
        return {**plain, "_id": state.id, "v": self.schema.version, **aside, **self._told}

    def state(self, document: Document) -> S:
        """The state that a document keeps, whatever version it was written in."""
        row = self.schema.read(document)
        return self._adapter.validate_python({**row, "id": row["_id"]})

    def put(self, state: Any) -> ReplaceOne[Document]:
        """The operation that keeps a state, new or not."""
        written = self.document(state)
        return ReplaceOne({"_id": written["_id"]}, written, upsert=True)


MUNICIPALITY = Written(MUNICIPALITIES, Municipality)
SCORE = Written(SCORES, Score)
ROADMAP = Written(ROADMAPS, RoadMap)
ACTIVITY = Written(ACTIVITIES, Activity, told=True)
EXECUTION = Written(EXECUTIONS, Execution, told=True)
RECOMMENDATION = Written(RECOMMENDATIONS, Recommendation, at="created_at")
