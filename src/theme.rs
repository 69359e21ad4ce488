//! Themes: theme.yaml, `extends`, templates.
