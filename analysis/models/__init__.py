"""The models: a sentence encoder and a tone model, from installed packages, never from a hub."""

from analysis.models.encoder import Encoder, gpu_found, load_encoder

__all__ = ["Encoder", "gpu_found", "load_encoder"]
