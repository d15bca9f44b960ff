"""The domain: answers, evidence, ledger, levels, decisions, grade, record. Pure; does no I/O."""
