// Enhances figures that are whole without it. Nothing is exported: the report inlines this file by its hash.
if (!customElements.get("evenlight-attention")) {
  customElements.define(
    "evenlight-attention",
    class extends HTMLElement {
      connectedCallback() {
        const looks = this.querySelector(".looks");
        for (const word of this.querySelectorAll("li[data-token]")) {
          word.tabIndex = 0;
          const pick = () => this.pick(looks, word.dataset.token);
          const drop = () => this.pick(looks, null);
          word.addEventListener("pointerenter", pick);
          word.addEventListener("focus", pick);
          word.addEventListener("pointerleave", drop);
          word.addEventListener("blur", drop);
        }
      }

      pick(looks, token) {
        looks.classList.toggle("picked", token !== null);
        for (const path of looks.querySelectorAll("path")) {
          path.classList.toggle("picked", path.dataset.from === token);
        }
      }
    },
  );
}
