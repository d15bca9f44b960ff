"""The chats, as Gradio apps: staff conducting an interview, and a respondent on a link."""
