// Entry point of the widget; `pure` is what the tests call.

export const pure = {
  greyOf, paintTable, applyTable, dragWindow, keyWindow, windowText, signed, colourRamp, fusedAlpha,
  makePlanes, patientToPlane, planeToPatient, nearestIndex, depthText, depthWords, crossSection,
  fitView, viewScale, toScreen, toPicture, clampView, zoomAt, panBy, scaleBarMm,
  axialPicture, reformat, coarseToFine, enoughSlices, nextCine, nextRate, CINE_RATES, FLICKER_RATES,
  keyAction, KEY_TABLE, countAt, distanceMm, ellipseStats, ellipseRadii, handlesOf, dragHandle, describeItem, itemLines, itemSentence, wrapWords, noteItem,
  bufferToCounts, unpackFigures, themedLayout, lightened, tablesOf, nameSliderHandles,
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
