// Where script runs and there is room, charts that stand still become plotly's, in the reader's theme.
// Narrow screens and paper keep the still drawing: it wraps long names.
{
  const roomy = matchMedia("(min-width: 720px)");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const draw = (figure) => {
    const both = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const { data, layout } = both[dark.matches ? "dark" : "light"];
    const place = figure.querySelector(".live");
    figure.classList.add("lives");
    Plotly.react(place, data, layout, { responsive: true, displayModeBar: false });
  };
  const drawAll = () => {
    if (typeof Plotly !== "undefined" && roomy.matches) document.querySelectorAll("figure.has-chart").forEach(draw);
  };

  drawAll();
  roomy.addEventListener("change", drawAll);
  dark.addEventListener("change", drawAll);
}
