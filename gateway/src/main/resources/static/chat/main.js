import "./view/app.js";

const app = document.createElement("chat-app");
app.settings = await (await fetch("chat/page.json")).json();
document.body.append(app);
