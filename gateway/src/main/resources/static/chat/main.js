import "./view/app.js";

/** The gateway's settings; see Settings in view/app.js. */
async function settings() {
  const answer = await fetch("chat/page.json");
  return answer.json();
}

const app = document.createElement("chat-app");
app.settings = await settings();
document.body.append(app);
