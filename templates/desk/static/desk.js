// The one script of the desk: dropping a file, asking how far the work is, and the end of the desk.
// Every page works without it.
"use strict";

const said = document.getElementById("said");

function say(words) {
  if (said && said.textContent !== words) said.textContent = words;
}

// ------------------------------------------------------------------------- dropping a file

const drop = document.getElementById("drop");

// A sentence of the page about a file. What its name holds is put in as it is, and shown as text.
function about(sentence, file) {
  const words = { name: file.name, size: `${Math.round(file.size / 1e6)} MB` };
  return sentence.replace(/\{(\w+)\}/g, (_, word) => words[word]);
}

if (drop) {
  const chosen = drop.elements.namedItem("file");
  const refuse = (sentence) => {
    say(about(sentence, chosen.files[0]));
    drop.reset();
    chosen.focus();
  };
  const send = async () => {
    const file = chosen.files[0];
    if (file.size > Number(drop.dataset.largest)) {
      refuse(drop.dataset.tooLarge);
      return;
    }
    try {
      await file.slice(0, 1).arrayBuffer(); // refused where the file was saved since it was chosen
    } catch {
      refuse(drop.dataset.savedSince);
      return;
    }
    say("The file is being sent.");
    drop.submit();
  };
  drop.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  const over = (event) => {
    event.preventDefault(); // a missed drop would leave the page
    drop.classList.toggle("over", event.type === "dragover");
  };
  for (const type of ["dragover", "dragleave"]) document.addEventListener(type, over);
  document.addEventListener("drop", (event) => {
    over(event);
    if (!event.dataTransfer.files.length) return;
    chosen.files = event.dataTransfer.files;
    send();
  });
  // A page that comes back from the browser's memory has no file chosen: it may have been saved since.
  window.addEventListener("pageshow", () => { drop.reset(); });
}

// ---------------------------------------------------------------------- how far the work is

const waiting = document.getElementById("waiting");

async function asked(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("closed");
  return answer.json();
}

async function wait() {
  try {
    const state = await asked(waiting.dataset.ask);
    if (state.working) {
      if (state.note) say(state.note);
      window.setTimeout(wait, 500);
    } else window.location.replace(state.then);
  } catch {
    window.location.reload();
  }
}

if (waiting) window.setTimeout(wait, 300);

// ------------------------------------------------------------------------ the desk's own end

const stay = document.getElementById("stay");

async function alive() {
  try {
    const state = await asked(document.body.dataset.alive);
    if (state.warned) say(`The desk closes in ${state.minutes} minutes, since nobody clicked.`);
    else if (stay && !stay.hidden) say("");
    if (stay) stay.hidden = !state.warned;
  } catch {
    say("The desk was closed. Open it with the icon.");
  }
}

if (document.body.dataset.alive) window.setInterval(alive, 30000);

if (stay) {
  stay.addEventListener("submit", async (event) => {
    event.preventDefault();
    await fetch(stay.action, { method: "POST", body: new FormData(stay) });
    stay.hidden = true;
    say("The desk stays open.");
  });
}

// ----------------------------------------------------------------------------------- copying

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.getElementById(button.dataset.copy).select();
    document.execCommand("copy");
    say("Copied.");
  });
}

// ----------------------------------------------------------- from one finding to the next: F8

document.addEventListener("keydown", (event) => {
  if (event.key !== "F8" || event.ctrlKey || event.altKey || event.metaKey) return;
  const step = document.querySelector(`[data-step="${event.shiftKey ? "previous" : "next"}"]`);
  if (!step) return;
  event.preventDefault();
  step.click();
});

// What the address points at, or what is amiss, takes the focus: the next Tab goes on from there.
const target = document.getElementById("fault")
  || (window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1)));
if (target && target.tabIndex === -1) target.focus();
