// Comfort for those who have scripts; every page does without. Keys, a fresh line, copying.

const RENEW_MS = 10_000;
const typing = (element) => element.matches("input, select, textarea, [contenteditable]");

function rows() {
  return [...document.querySelectorAll("table.cards tbody tr")].filter((row) => row.querySelector("a"));
}

function move(step) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.querySelector("a").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const keys = document.getElementById("keys");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") document.querySelector("input[type=search]")?.focus();
  else if (event.key === "?" && keys) {
    keys.open = !keys.open;
    keys.scrollIntoView({ block: "nearest" });
  } else return;
  event.preventDefault();
});

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/freshness" + location.search.replace(/^(?!.*\blang=).*$/, ""), {
      headers: { accept: "text/html" },
    });
    if (!answer.ok) return;
    const piece = document.createElement("template");
    piece.innerHTML = await answer.text();
    document.getElementById("fresh")?.replaceWith(piece.content);
  } catch {
    // The line keeps its old instant: that is what it is there to show.
  }
}

if (document.getElementById("fresh")) setInterval(renew, RENEW_MS);

for (const element of document.querySelectorAll("[data-copy]")) {
  if (element === document.body || !navigator.clipboard) continue;
  element.title = document.body.dataset.copy;
  element.classList.add("copies");
  element.addEventListener("click", async () => {
    await navigator.clipboard.writeText(element.textContent);
    element.title = document.body.dataset.copied;
    element.classList.add("copied");
  });
}

// The code of a link stands behind its #, so that no server ever logs it.
for (const input of document.querySelectorAll("input[data-code]")) {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) input.value = code;
}

document.querySelector("section[role=alert]")?.focus();

for (const range of document.querySelectorAll("input[type=range][data-goes]")) {
  const said = range.form.querySelector(`output[for=${range.id}]`);
  range.addEventListener("input", () => (said.value = range.value));
  range.addEventListener("change", () => range.form.requestSubmit());
}
