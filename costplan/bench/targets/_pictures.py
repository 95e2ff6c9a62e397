"""Pictures as requests to `/classify` of the service, and whether what comes back is right."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image

from costplan.bench.models.answers import Answer, AnswerCheck
from costplan.bench.models.check import Sameness, find_fault
from costplan.bench.models.inputs import Feed
from costplan.bench.models.picture_files import PictureFile
from costplan.messages.errors import CostplanError, InputError
from costplan.messages.reason import Reason
from costplan.protocols.tensors import Array, ProtocolError, Tensor, tensor
from costplan.service.pictures import PictureInput, decode_picture, picture_tensor
from costplan.service.settings import Settings

PATH: Final = "/classify"


@dataclass(frozen=True, slots=True)
class Pictures:
    """JPEG files, sent in turn."""

    files: Sequence[PictureFile]
    wanted: PictureInput

    def feeds(self) -> list[Feed]:
        """Return what the model gets of each, decoded as the service does it.

        Raises:
            InputError: One of them cannot be decoded, or is too large.
        """
        return [{self.wanted.name: self._pixels(one)} for one in self.files]

    def encoded(self, index: int) -> tuple[dict[str, str], bytes]:
        """Return headers and body of a request; the answer repeats its number."""
        file = self.files[index]
        return {"Content-Type": str(file.media_type), "X-Request-Id": str(index)}, file.content

    def source(self) -> str:
        """Say what is sent."""
        said = [str(len(self.files)), _sizes(self.files), str(self._mean_bytes())]
        if self.files[0].name:
            return Reason("{count} files of the folder, {pixels}, {bytes} bytes in the mean", *said)
        return Reason("{count} made-up JPEGs of {pixels}, {bytes} bytes in the mean", *said)

    def settings(self) -> dict[str, object]:
        """Return what decides how long they take."""
        return {
            "request": f"POST {PATH}, {', '.join(sorted({str(one.media_type) for one in self.files}))}",
            "picture_pixels": _sizes(self.files),
            "picture_bytes": self._mean_bytes(),
        }

    def _mean_bytes(self) -> int:
        return round(sum(len(one.content) for one in self.files) / len(self.files))

    def _pixels(self, file: PictureFile) -> Array:
        try:
            picture = decode_picture(file.content, self.wanted, Settings().max_pixels)
        except CostplanError as error:
            raise InputError(
                Reason("{file}: {why}", file.name, error.faults[0].message), hint=error.faults[0].hint
            ) from None
        return picture_tensor(picture, self.wanted).data


class PictureAnswers(AnswerCheck):
    """Compares the classes that were told with all the probabilities that the model gives."""

    def find_fault(self, index: int, answer: Answer) -> str | None:
        """Return what is wrong with the answer to request `index`, or None."""
        probabilities = self.references[index].get("probabilities")
        if self.by is not Sameness.VALUES:
            return None
        if probabilities is None:
            return super().find_fault(index, answer)
        right = np.asarray(probabilities, np.float32).ravel()
        best, told = answer["best"], answer["probability"]
        if best.min() < 0 or best.max() >= right.size:
            return Reason("class {label} is none of the model's", str(int(best.max())))
        if int(answer["label"][0]) != int(best[0]):
            return Reason(
                "label {label} is not the most likely class {best}",
                str(int(answer["label"][0])),
                str(int(best[0])),
            )
        # Each as it should be, and none more likely left out; two that are equally likely may change places.
        most = np.sort(right)[::-1][: told.size]
        return find_fault(told, right[best], "probability") or find_fault(told, most, "probability")


def decoded_answer(body: bytes) -> tuple[str | None, list[Tensor]]:
    """Read an answer of `/classify`.

    Raises:
        ProtocolError: It is none.
    """
    try:
        answer: dict[str, Any] = json.loads(body)
        best = answer["best"]
        if not best:
            raise ValueError
        return str(answer["id"]), [
            tensor("label", np.array([answer["label"]], np.int64)),
            tensor("best", np.array([one["label"] for one in best], np.int64)),
            tensor("probability", np.array([one["probability"] for one in best], np.float32)),
        ]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise ProtocolError(f"no answer of {PATH}") from None


def _sizes(files: Sequence[PictureFile]) -> str:
    found = {Image.open(io.BytesIO(one.content)).size for one in files}
    sizes = sorted(found, key=lambda size: size[0] * size[1])
    shown = [f"{width}x{height}" for width, height in sizes]
    return shown[0] if len(shown) == 1 else f"{shown[0]} to {shown[-1]}"
