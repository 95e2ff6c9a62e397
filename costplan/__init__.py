"""costplan: what an AI inference service on Yandex Cloud will cost, before it is built."""

__version__ = "0.1.0"
