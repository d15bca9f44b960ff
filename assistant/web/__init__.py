"""The web app: pages rendered on the server, and the chats as Gradio apps, all in one FastAPI app."""
