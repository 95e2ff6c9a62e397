"""Serve the stub on a socket: `python server.py SOCKET`; it ends with whoever holds its standard input."""

from __future__ import annotations

import sys
from concurrent import futures
from typing import Any

import grpc
import msgpack
from schemas import FACTS, PROVIDER, schema
from tf.gen import grpc_controller_pb2, grpc_controller_pb2_grpc, grpc_stdio_pb2_grpc, tfplugin_pb2_grpc
from tf.gen import tfplugin_pb2 as wire
from values import UNKNOWN, applied, identity_of, looked_up, planned


def decoded(value: wire.DynamicValue) -> Any:
    """Read a value of Terraform."""
    return msgpack.unpackb(
        value.msgpack, raw=False, strict_map_key=False, ext_hook=lambda kind, data: UNKNOWN
    )


def encoded(value: Any) -> wire.DynamicValue:
    """Write a value for Terraform."""
    return wire.DynamicValue(msgpack=msgpack.packb(value, default=_unknown, use_bin_type=True))


def _unknown(value: Any) -> msgpack.ExtType:
    assert value is UNKNOWN
    return msgpack.ExtType(0, b"\x00")


class Provider(tfplugin_pb2_grpc.ProviderServicer):
    """The calls of Terraform that planning and applying need."""

    def GetProviderSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Describe all types."""
        return wire.GetProviderSchema.Response(
            provider=schema(PROVIDER),
            resource_schemas={name: schema(facts) for name, facts in FACTS["resource"].items()},
            data_source_schemas={name: schema(facts) for name, facts in FACTS["data"].items()},
        )

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Find nothing wrong."""
        return wire.ValidateProviderConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take any configuration."""
        return wire.ConfigureProvider.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Find nothing wrong: Terraform itself holds a design to the schema."""
        return wire.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Find nothing wrong."""
        return wire.ValidateDataResourceConfig.Response()

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Keep a state as it is."""
        return wire.UpgradeResourceState.Response(
            upgraded_state=wire.DynamicValue(json=request.raw_state.json)
        )

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Keep a state as it is: nothing changes behind Terraform's back."""
        return wire.ReadResource.Response(new_state=request.current_state)

    def ReadDataSource(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Look something up."""
        facts = FACTS["data"][request.type_name]
        found = looked_up(request.type_name, facts, decoded(request.config))
        return wire.ReadDataSource.Response(state=encoded(found))

    def PlanResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Plan a resource; defaults may differ from what is written, as in all older providers."""
        facts = FACTS["resource"][request.type_name]
        found = None
        if decoded(request.proposed_new_state) is not None:
            found = planned(facts, decoded(request.config), decoded(request.prior_state))
        return wire.PlanResourceChange.Response(planned_state=encoded(found), legacy_type_system=True)

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Make a resource of its plan, or destroy it."""
        plan = decoded(request.planned_state)
        facts = FACTS["resource"][request.type_name]
        found = applied(facts, plan, identity_of(request.type_name, plan)) if plan is not None else None
        return wire.ApplyResourceChange.Response(new_state=encoded(found), legacy_type_system=True)

    def StopProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Agree; whoever started the server ends it."""
        return wire.StopProvider.Response()


class Controller(grpc_controller_pb2_grpc.GRPCControllerServicer):
    """What Terraform's plugins have besides."""

    def Shutdown(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Agree, and go on: the next run of Terraform uses the same server."""
        return grpc_controller_pb2.Empty()


class Stdio(grpc_stdio_pb2_grpc.GRPCStdioServicer):
    """The plugin's output, of which there is none."""

    def StreamStdio(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Stream nothing."""
        return iter(())


def main() -> None:
    """Serve until standard input ends."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    tfplugin_pb2_grpc.add_ProviderServicer_to_server(Provider(), server)
    grpc_controller_pb2_grpc.add_GRPCControllerServicer_to_server(Controller(), server)
    grpc_stdio_pb2_grpc.add_GRPCStdioServicer_to_server(Stdio(), server)
    server.add_insecure_port(f"unix:{sys.argv[1]}")
    server.start()
    print("ready", flush=True)
    sys.stdin.read()
    server.stop(grace=None)


if __name__ == "__main__":
    main()
