"""What gas costs: settings, price entities, the cost of each gas day."""
