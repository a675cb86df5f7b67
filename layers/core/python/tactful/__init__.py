"""tactful: invoice reminders that get paid and keep the customer."""
