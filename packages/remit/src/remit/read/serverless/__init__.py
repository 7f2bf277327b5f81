"""The Serverless Framework (v3 and v4): its configuration, variables and plugins that matter, as an App."""
