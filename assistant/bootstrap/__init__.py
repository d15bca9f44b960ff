"""The only wiring: settings in, working parts out."""

from assistant.bootstrap.app import App, start
from assistant.bootstrap.clock import SystemClock

__all__ = ["App", "SystemClock", "start"]
