"""The embedded platform: Apache Kafka, MongoDB, the local issuer and the services as background processes.

Without Docker and without root, on Linux x86-64 only. From a terminal::

    ./rsoko up --service none        # only Kafka and MongoDB (or: python -m deploy.cli up …)
    ./rsoko up                       # everything
    ./rsoko down

From Python (tests, demo, benchmarks); everything here blocks until the thing is really so::

    from deploy.local import Platform, Settings
    platform = Platform(Settings.spare(home))      # a port block nobody listens on, state in `home`
    platform.start_kafka(); platform.start_mongo() # children of this process: they die with it
    platform.settings.kafka_address                # "127.0.0.1:…"
    platform.settings.mongo_uri                    # "mongodb://127.0.0.1:…/?replicaSet=rs0"
    platform.up(services=("monitoring", "scoring"))  # under the supervisor, which restarts what dies
    platform.pid("scoring"); platform.kill("scoring"); platform.signal("kafka", signal.SIGSTOP)
    platform.wait_ready("scoring"); platform.down()

`up(services=())` starts Kafka and MongoDB under the supervisor and applies the topics.
"""

from deploy.local.platform import Platform
from deploy.local.ports import free_port_base
from deploy.local.processes import Failed
from deploy.local.settings import SERVICES, STORED, Settings

__all__ = ["SERVICES", "STORED", "Failed", "Platform", "Settings", "free_port_base"]
