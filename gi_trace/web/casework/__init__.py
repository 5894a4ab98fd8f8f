"""Pages of leads and cases that the authority's and the inspector's face share."""
