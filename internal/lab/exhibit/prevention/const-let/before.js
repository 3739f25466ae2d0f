const data = [];
data = null;
