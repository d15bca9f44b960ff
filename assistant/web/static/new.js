// One more row for a person to interview.
"use strict";
const people = document.getElementById("people");
const more = document.getElementById("more");
more.hidden = false;
more.addEventListener("click", () => {
  const row = people.lastElementChild.cloneNode(true);
  const number = people.children.length + 1;
  row.querySelectorAll("input").forEach((input) => {
    input.value = "";
    input.setAttribute("aria-label", `第 ${number} 位的${input.name === "person" ? "姓名" : "岗位"}`);
  });
  people.append(row);
  row.querySelector("input").focus();
});
