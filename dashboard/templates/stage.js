// Fills the stage and says what was clicked. A click on a plain link is ours; any other way to open it is the browser's.
export default function ({ data, parentElement, setTriggerValue }) {
  const stage = parentElement.querySelector(".stage");
  if (stage.shown !== data.html) {
    const open = new Set([...stage.querySelectorAll("details[open][id]")].map((one) => one.id));
    stage.innerHTML = data.html;
    stage.shown = data.html;
    for (const one of stage.querySelectorAll("details[id]")) if (open.has(one.id)) one.open = true;
  }
  stage.onclick = (event) => {
    const target = event.target.closest("[data-act]:not(form), a[data-go]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (target.hasAttribute("data-go")) setTriggerValue("act", { act: "go", href: target.getAttribute("href") });
    else setTriggerValue("act", { ...target.dataset });
  };
  stage.onsubmit = (event) => {
    const form = event.target;
    if (!form.dataset.act) return;
    event.preventDefault();
    setTriggerValue("act", { ...Object.fromEntries(new FormData(form)), act: form.dataset.act });
  };
  // Pieces that have more to say than a click send an event of their own.
  const said = (event) => setTriggerValue("act", event.detail);
  stage.addEventListener("evenlight", said);
  return () => stage.removeEventListener("evenlight", said);
}
