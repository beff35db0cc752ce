"""What every door of monitoring is given: the use cases, and who asks for which action."""

from typing import Annotated

from fastapi import Depends, Request

from services.monitoring.usecases import Monitoring
from shared.policy import Actor
from shared.web import may


async def uses_of(request: Request) -> Monitoring:
    """The use cases of this process."""
    found: Monitoring = request.app.state.uses
    return found


Uses = Annotated[Monitoring, Depends(uses_of)]
ResultReader = Annotated[Actor, Depends(may("result.read"))]
Submitter = Annotated[Actor, Depends(may("result.submit"))]
Reviser = Annotated[Actor, Depends(may("result.revise"))]
EventSender = Annotated[Actor, Depends(may("event.submit"))]
RefusalReader = Annotated[Actor, Depends(may("refusal.read"))]
ProcedureReader = Annotated[Actor, Depends(may("procedure.read"))]
ProcedureDescriber = Annotated[Actor, Depends(may("procedure.describe"))]
SourceReader = Annotated[Actor, Depends(may("source.read"))]
SourceRegistrar = Annotated[Actor, Depends(may("source.register"))]
