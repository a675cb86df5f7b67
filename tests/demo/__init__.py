"""The demo: 45 days of tactful on a local AWS, with clients who answer."""
