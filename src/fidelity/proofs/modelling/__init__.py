"""Modelling: a program as models, one for each kind of event and wallet, with what cannot be modelled named."""

from fidelity.proofs.modelling.programs import model_of, models_of

__all__ = ["model_of", "models_of"]
