// The video is played here only for who has agreed to it; that is remembered until the browser
// closes this page, and by nobody else.

const KEY = "openfloor:video";

/** @param {HTMLElement | null} consent the part that asks; without one there is only a link */
export function offerVideo(consent) {
  if (!consent) return;
  if (remembered() === consent.dataset.address) return play(consent);
  consent.hidden = false;
  consent.querySelector("button").addEventListener("click", () => {
    remember(consent.dataset.address);
    play(consent).focus();
  });
}

function play(consent) {
  const frame = document.createElement("iframe");
  frame.className = "watch-frame";
  frame.src = consent.dataset.address;
  frame.title = consent.dataset.title;
  frame.allow = "fullscreen; picture-in-picture; encrypted-media";
  frame.referrerPolicy = "strict-origin";
  consent.replaceWith(frame);
  return frame;
}

function remembered() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(address) {
  try {
    sessionStorage.setItem(KEY, address);
  } catch {
    // A browser that stores nothing asks again.
  }
}
