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

// Words that can be edited where somebody listens: a menu under the word says what to do, and the page is told.
if (!customElements.get("evenlight-words")) {
  customElements.define(
    "evenlight-words",
    class extends HTMLElement {
      connectedCallback() {
        for (const word of this.querySelectorAll("[data-place]")) {
          word.tabIndex = 0;
          word.setAttribute("role", "button");
          word.setAttribute("aria-haspopup", "dialog");
          word.onclick = () => this.open(word);
          word.onkeydown = (event) => {
            if (event.target !== word || (event.key !== "Enter" && event.key !== " ")) return;
            event.preventDefault();
            this.open(word);
          };
        }
      }

      open(word) {
        const old = this.querySelector("form");
        const again = old && old.word === word;
        if (old) old.remove();
        if (again) return;
        const menu = document.createElement("form");
        menu.className = "word-menu";
        menu.word = word;
        const input = document.createElement("input");
        input.value = word.textContent;
        input.setAttribute("aria-label", this.dataset.word);
        menu.append(input);
        for (const how of ["replace", "remove", "mask"]) {
          const button = document.createElement("button");
          button.type = how === "replace" ? "submit" : "button";
          button.textContent = this.dataset[how];
          if (how !== "replace") button.onclick = () => this.say(word, how, "");
          menu.append(button);
        }
        menu.onsubmit = (event) => {
          event.preventDefault();
          this.say(word, "replace", input.value);
        };
        menu.onkeydown = (event) => {
          if (event.key !== "Escape") return;
          menu.remove();
          word.focus();
        };
        this.querySelector(".words").after(menu);
        input.focus();
        input.select();
      }

      say(word, how, text) {
        this.querySelector("form").remove();
        const detail = { act: "word", value: word.dataset.place, how, text };
        this.dispatchEvent(new CustomEvent("evenlight", { bubbles: true, composed: true, detail }));
      }
    },
  );
}
