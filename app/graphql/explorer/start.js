// Shows GraphiQL, and shows it anew whenever another key is given, so that it reads the schema as that key may.
const root = ReactDOM.createRoot(document.getElementById("explorer"));
const input = document.getElementById("key");
const EXAMPLE = "# Give an API key above. Ctrl-Enter runs what stands here.\n\nquery Trust {\n  trust {\n    code\n    name\n  }\n}\n";

function show(key) {
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  const fetcher = GraphiQL.createFetcher({ url: "/graphql", headers });
  root.render(React.createElement(GraphiQL, { key, fetcher, defaultQuery: EXAMPLE, shouldPersistHeaders: false }));
}

input.value = sessionStorage.getItem("milepost-key") ?? "";
document.getElementById("credential").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("milepost-key", input.value.trim());
  show(input.value.trim());
});
show(input.value);
