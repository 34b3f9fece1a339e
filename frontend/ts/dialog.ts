/** Opens the dialog that a link names, in place of going to the page that says the same. */
export function dialog(link: HTMLElement): void {
  const box = document.getElementById(link.dataset["dialog"] ?? "");
  if (!(box instanceof HTMLDialogElement)) return;
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab is a page again
    event.preventDefault();
    box.showModal();
    box.querySelector("h2")?.focus();
  });
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close(); // on the backdrop: what lies inside is a target of its own
  });
}
