"""The book in one DynamoDB table: docs/data-model.md shows the items and what each access costs."""
