"""A widget in a bare browser page, with its Python half in this process: fast, and without JupyterLab."""

import json

PAGE = """<!doctype html><meta charset="utf-8"><body data-jp-theme-light="{light}">
<style>
body {{ margin: 0; padding: 12px; background: var(--jp-layout-color1); --jp-layout-color1: #fff; --jp-ui-font-color1: #1f2325; font-family: Roboto; }}
body[data-jp-theme-light="false"] {{ --jp-layout-color1: #111; --jp-ui-font-color1: #fff; }}
</style><style>{style}</style><div id="stage"></div></body>"""
START = """async ([script]) => {
  const listeners = [];
  const model = {
    get: () => undefined, set: () => {}, save_changes: () => {}, off: () => {},
    on: (name, listener) => name === "msg:custom" && listeners.push(listener),
    send: async (message) => {
      const answers = JSON.parse(await window.toKernel(JSON.stringify(message)));
      for (const answer of answers) listeners.forEach((listener) => listener(answer, []));
    },
  };
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  await module.default.render({ model, el: document.getElementById("stage") });
}"""


def stage(page, widget, *, light=True):
    """Draw a widget into a page."""
    answers = []
    widget.send = lambda message, buffers=None: answers.append(message)

    def receive(text):
        widget._receive(widget, json.loads(text), [])
        found = json.dumps(answers)
        answers.clear()
        return found

    page.expose_function("toKernel", receive)
    page.set_content(PAGE.format(light=str(light).lower(), style=widget._css))
    page.evaluate(START, [str(widget._esm)])
