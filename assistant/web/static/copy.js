// [data-copy] copies the text of the field beside it, and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = button.parentElement.querySelector("input");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // pages that came by http have no clipboard
  }
  const before = button.textContent;
  button.textContent = "已复制";
  setTimeout(() => (button.textContent = before), 2000);
});
