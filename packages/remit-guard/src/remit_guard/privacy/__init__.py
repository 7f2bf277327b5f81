"""What must not leave: secrets and personal data in logs, error texts in answers. Pure engines; hooks bring the texts."""
