// Entry point of the widget; `pure` is what the tests call.

export const pure = {
  greyOfHu, greyTable, applyGreyTable, dragWindow, keyWindow, windowText, signed,
  patientToPicture, pictureToPatient, fitView, viewScale, toScreen, toPicture, clampView, zoomAt, panBy, scaleBarMm, crossSection,
  keyAction, KEY_TABLE, huAt, distanceMm, ellipseStats, ellipseRadii, handlesOf, dragHandle, describeItem, itemLines, itemSentence,
  bufferToHu, unpackFigures, themedLayout, lightened, nameSliderHandles,
};

export default () => {
  let store = null;
  return {
    initialize({ model }) {
      store = makeStore(model);
      return () => store.close();
    },
    render({ model, el }) {
      return makeView(model, store, el);
    },
  };
};
