"""What happens in the body, in days: tumours, their vessels and cells, blood markers."""
