// The rooms of the console, in the order of their tabs: who may enter, and what is in there. A room has a `node`; where it has
// them, the frame calls shown(name) when it is entered, round() for a fresh reading while it is shown, tick() each second and
// key(event), which says whether the key was its own.
import { Desk } from "./desk.js";
import { Feeds } from "./feeds.js";
import { Results } from "./results.js";
import { Rules } from "./rules.js";
import { TruthReview } from "./truth.js";
import { Wall } from "./wall.js";

const kDesk = ["operator", "dispatcher", "supervisor", "auditor"];

// `hash` is the room's part of the address; the desk's is empty, and a case's id belongs to the desk.
const kRooms = [
  { hash: "", title: "queue", roles: kDesk, make: (me, frame) => new Desk(me, frame) },
  { hash: "results", title: "results", roles: ["operator", "dispatcher", "supervisor", "author"], make: (me) => new Results(me) },
  { hash: "truth", title: "truth_review", roles: ["supervisor"], make: () => new TruthReview() },
  { hash: "wall", title: "wall", roles: ["supervisor", "wall"], make: () => new Wall() },
  { hash: "rules", title: "rules", roles: ["author", "approver", "supervisor", "admin"], make: (me) => new Rules(me) },
  { hash: "feeds", title: "feeds", roles: ["supervisor", "admin"], make: (me) => new Feeds(me) },
];

export const rooms_of = (role) => kRooms.filter((room) => room.roles.includes(role));
