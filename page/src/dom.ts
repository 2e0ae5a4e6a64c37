// Elements with text: what comes from data never becomes markup.

export type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

export function append(element: Element, children: Iterable<Child>): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function many(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// A link to documentation; anything but https is shown as text.
export function link(address: string, ...children: Child[]): HTMLElement {
  if (!/^https:\/\//.test(address)) return h("span", {}, ...children);
  return h("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, ...children);
}

// Says something to screen readers.
export function announce(text: string): void {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

export function debounced(milliseconds: number, act: () => void): () => void {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, milliseconds);
  };
}

// Text in which back-ticks set off code.
export function prose(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  text.split("`").forEach((piece, position, pieces) => {
    const code = position % 2 === 1 && position < pieces.length - 1;
    if (piece) fragment.append(code ? h("code", {}, piece) : document.createTextNode(piece));
  });
  return fragment;
}
