// Where episodes come from: blocks in the page itself, or the server that `opensec watch` runs.

/** Source of a page on disk: everything is in it, each episode parsed when it is opened. */
function embedded() {
  const blocks = new Map();
  for (const block of document.querySelectorAll("script[data-key]")) blocks.set(block.dataset.key, block);
  return {
    served: false,
    async lines() {
      return JSON.parse(document.getElementById("lines").textContent);
    },
    async episode(key) {
      const block = blocks.get(key);
      if (!block) return null;
      return block.type === "application/gzip" ? unpacked(block.textContent) : JSON.parse(block.textContent);
    },
  };
}

/** The value in a packed block: JSON, compressed and written in base 64. */
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

/** Source of a served page: asked again and again for what is new. */
function served() {
  let tag = null;
  let last = null;
  return {
    served: true,
    async lines() {
      const answer = await fetch("lines", { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 304) return last;
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      tag = answer.headers.get("ETag");
      last = await answer.json();
      return last;
    },
    async episode(key) {
      const answer = await fetch("episode?key=" + encodeURIComponent(key), { cache: "no-store" });
      return answer.ok ? answer.json() : null;
    },
  };
}
