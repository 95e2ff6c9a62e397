"""Layouts for model servers: what is in them, and what is never touched."""

from __future__ import annotations

from pathlib import Path

import onnx
import onnx_zoo as zoo
import pytest

from costplan.bench.models.facts import ModelFacts
from costplan.bench.models.guard import inspect_model
from costplan.bench.servers.export import export_tfserving, export_triton
from costplan.bench.servers.triton_config import Batching, TritonSettings, triton_config
from costplan.messages.errors import InputError


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> ModelFacts:
    return inspect_model(zoo.save(zoo.token_encoder(), tmp_path_factory.mktemp("model") / "m.onnx"))


def test_a_repository_for_the_onnxruntime_backend(facts: ModelFacts, tmp_path: Path) -> None:
    written = export_triton(facts, tmp_path / "repo", "tokens", TritonSettings(threads=2))
    assert [p.relative_to(tmp_path).as_posix() for p in written] == [
        "repo/tokens/config.pbtxt",
        "repo/tokens/1/model.onnx",
    ]
    config = written[0].read_text()
    assert 'name: "tokens"\nbackend: "onnxruntime"\nmax_batch_size: 0\n' in config
    assert '{ name: "input_ids" data_type: TYPE_INT64 dims: [ -1, -1 ] }' in config
    assert '{ name: "y" data_type: TYPE_FP32 dims: [ -1, -1, 4 ] }' in config
    assert 'key: "intra_op_thread_count" value: { string_value: "2" }' in config
    assert written[1].read_bytes() == Path(facts.path).read_bytes()


def test_a_batching_repository_leaves_the_first_dimension_to_the_server(
    facts: ModelFacts, tmp_path: Path
) -> None:
    written = export_triton(
        facts, tmp_path, "tokens", TritonSettings(max_batch_size=8, instances=2, batching=Batching())
    )
    config = written[0].read_text()
    assert "max_batch_size: 8" in config
    assert '{ name: "input_ids" data_type: TYPE_INT64 dims: [ -1 ] }' in config
    assert "count: 2" in config
    assert "dynamic_batching {}" in config


def test_a_model_on_gpus_says_which_and_how_many_copies_and_no_threads(facts: ModelFacts) -> None:
    settings = TritonSettings(
        provider="tensorrt",
        gpu_ids=(0, 2),
        instances=2,
        max_batch_size=16,
        batching=Batching(preferred=(8, 4, 8), max_delay_us=2500),
    )
    config = triton_config(facts, "tokens", settings)
    assert "instance_group [ { kind: KIND_GPU count: 2 gpus: [ 0, 2 ] } ]" in config
    assert (
        'optimization { execution_accelerators { gpu_execution_accelerator [ { name: "tensorrt" } ] } }'
        in config
    )
    assert "dynamic_batching { preferred_batch_size: [ 4, 8 ] max_queue_delay_microseconds: 2500 }" in config
    assert "intra_op_thread_count" not in config
    assert "KIND_CPU" not in config


def test_the_cuda_provider_is_tritons_own_choice_on_a_gpu(facts: ModelFacts) -> None:
    config = triton_config(facts, "tokens", TritonSettings(provider="cuda"))
    assert "instance_group [ { kind: KIND_GPU count: 1 } ]" in config
    assert "execution_accelerators" not in config


def test_openvino_is_an_accelerator_of_the_cpu(facts: ModelFacts) -> None:
    config = triton_config(facts, "tokens", TritonSettings(provider="openvino"))
    assert 'cpu_execution_accelerator [ { name: "openvino" } ]' in config
    assert "KIND_CPU" in config


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (TritonSettings(batching=Batching()), "needs a largest batch of 2"),
        (TritonSettings(max_batch_size=1, batching=Batching()), "needs a largest batch of 2"),
        (TritonSettings(max_batch_size=4, batching=Batching((2, 8))), "8 is not between 1 and .* 4"),
        (TritonSettings(max_batch_size=4, batching=Batching((0,))), "0 is not between 1 and"),
        (TritonSettings("python", "cuda"), "runs on the CPU provider, not on cuda"),
        (TritonSettings(gpu_ids=(0,)), "GPUs were chosen"),
        (TritonSettings(instances=0), "at least 1"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    settings: TritonSettings, why: str, facts: ModelFacts
) -> None:
    with pytest.raises(InputError, match=why):
        triton_config(facts, "tokens", settings)


def test_the_python_backend_gets_a_model_file_that_compiles(facts: ModelFacts, tmp_path: Path) -> None:
    *_, model = export_triton(facts, tmp_path, "tokens", TritonSettings("python"))
    assert model.name == "model.py"
    compile(model.read_text(), "model.py", "exec")


def test_external_data_goes_along(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    facts = inspect_model(zoo.with_external_data(tmp_path / "model"))
    export_triton(facts, tmp_path / "repo", "m")
    assert (tmp_path / "repo" / "m" / "1" / "weights.bin").stat().st_size == 16
    assert onnx.load(tmp_path / "repo" / "m" / "1" / "model.onnx").graph.initializer[0].raw_data


def test_outputs_that_no_server_carries_are_left_out(tmp_path: Path) -> None:
    mixed = inspect_model(zoo.save(zoo.classifier(True), tmp_path / "m.onnx"))
    config = export_triton(mixed, tmp_path / "repo", "m")[0].read_text()
    assert "output_label" in config
    assert "output_probability" not in config
    alone = inspect_model(zoo.save(zoo.sequence_output(), tmp_path / "s.onnx"))
    with pytest.raises(InputError, match="no output that is a tensor"):
        export_triton(alone, tmp_path / "repo", "s")


def test_a_scalar_and_a_fixed_batch_are_refused(tmp_path: Path) -> None:
    scalar = inspect_model(zoo.save(zoo.scalar(), tmp_path / "m.onnx"))
    with pytest.raises(InputError, match="`factor` is a scalar"):
        export_triton(scalar, tmp_path / "repo", "m")
    fixed = inspect_model(zoo.save(zoo.recurrent(), tmp_path / "r.onnx"))
    with pytest.raises(InputError, match="`h0`: its first dimension is not open"):
        export_triton(fixed, tmp_path / "repo", "m", TritonSettings(max_batch_size=4))
    assert not (tmp_path / "repo").exists()


@pytest.mark.parametrize("name", ["", "..", "a/b", "../x", "/abs", "a b", "-x", "x" * 64, "é", "a\n"])
def test_a_name_that_could_leave_the_folder_is_refused(name: str, facts: ModelFacts, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no name"):
        export_triton(facts, tmp_path / "repo", name)
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_there_stay_unless_forced(facts: ModelFacts, tmp_path: Path) -> None:
    export_triton(facts, tmp_path, "m")
    (tmp_path / "m" / "config.pbtxt").write_text("mine")
    with pytest.raises(InputError, match="is already there"):
        export_triton(facts, tmp_path, "m")
    assert (tmp_path / "m" / "config.pbtxt").read_text() == "mine"
    export_triton(facts, tmp_path, "m", force=True)
    assert (tmp_path / "m" / "config.pbtxt").read_text() != "mine"


@pytest.mark.parametrize("force", [False, True])
def test_symbolic_links_are_not_written_through(force: bool, facts: ModelFacts, tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "repo" / "m").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="symbolic link"):
        export_triton(facts, tmp_path / "repo", "m", force=force)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_tensorflow_serving_gets_no_onnx_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot load an ONNX file") as caught:
        export_tfserving(tmp_path / "out", "m")
    assert "--saved-model" in str(caught.value)


def test_a_converted_model_is_laid_out_for_tensorflow_serving(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    (saved / "variables").mkdir(parents=True)
    (saved / "saved_model.pb").write_bytes(b"graph")
    (saved / "variables" / "variables.index").write_bytes(b"index")
    written = export_tfserving(tmp_path / "out", "m", saved_model=saved)
    assert sorted(p.relative_to(tmp_path / "out").as_posix() for p in written) == [
        "m/1/saved_model.pb",
        "m/1/variables/variables.index",
        "models.config",
    ]
    assert 'base_path: "/models/m"' in (tmp_path / "out" / "models.config").read_text()
