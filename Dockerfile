ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE}

RUN useradd --uid 1000 --create-home unrolled \
    && install --directory --owner unrolled /srv/home
WORKDIR /srv/unrolled
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir -r requirements.txt -c constraints.txt
COPY app.py ./
COPY .streamlit .streamlit
COPY core core
COPY pages pages
COPY data data
USER unrolled
ENV PYTHONPATH=/srv/unrolled UNROLLED_HOME=/srv/home
CMD ["streamlit", "run", "app.py"]
